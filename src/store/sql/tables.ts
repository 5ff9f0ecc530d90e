import type { Schema } from './schema.ts';

type Kind = 'int' | 'text';

export interface TableShape {
  name: keyof Schema;
  columns: Record<string, Kind>;
  /** Primary key: the order of export and digest, the same in both dialects (text in byte order). */
  key: string[];
  /** Column that the database numbers by itself. */
  serial?: string;
}

const shape = (name: keyof Schema, key: string, ints: string, texts: string, serial?: string): TableShape => {
  const columns: Record<string, Kind> = {};
  for (const column of ints.split(' ').filter(Boolean)) columns[column] = 'int';
  for (const column of texts.split(' ').filter(Boolean)) columns[column] = 'text';
  return { name, columns, key: key.split(' '), serial };
};

/** Every table but `meta`, those that others refer to first. A test holds this list and the schema together. */
export const TABLES: readonly TableShape[] = [
  shape(
    'chats',
    'id',
    'id level created_at ended_at owed wake_at',
    'account_id platform chat thread kind lang time_zone state settings',
    'id',
  ),
  shape('subscriptions', 'chat_id country service', 'chat_id level created_at after_no', 'country service account_id'),
  shape('silences', 'chat_id country service incident_id', 'chat_id until', 'country service incident_id'),
  shape(
    'incidents',
    'id',
    'opened_at corroborated_at confirmed_at closed_at last_report_at open version changed_at',
    'id country service family action state confidence lift_confidence method regions linked_id withdrawn_because',
  ),
  shape('transitions', 'incident_id seq', 'seq at', 'incident_id change action state confidence method report_id'),
  shape(
    'reports',
    'incident_id id',
    'at secondary reading',
    'incident_id id source_id item_id country service action method region kind voice publisher title url publisher_name lang summary measured fingerprint',
  ),
  shape('alerts', 'no', 'no level created_at told_at widen_replied_at', 'id country', 'no'),
  shape('alert_incidents', 'no', 'no alert_no pos added_at', 'incident_id', 'no'),
  shape(
    'broadcasts',
    'no',
    'no alert_no loud lane created_at due_at cursor',
    'id kind reason incident_ids phase state',
    'no',
  ),
  shape('payloads', 'id', 'id used_at', 'hash body', 'id'),
  shape(
    'deliveries',
    'id',
    'id broadcast_no alert_no chat_id op lane state attempts next_at created_at begun_at done_at payload_id',
    'account_id reason',
  ),
  shape('backlog', 'broadcast_no account_id', 'broadcast_no pending since', 'account_id'),
  shape('messages', 'alert_no chat_id', 'alert_no chat_id summary', 'ref why'),
  shape('held', 'chat_id delivery_id', 'chat_id delivery_id alert_no at told_by', ''),
  shape('seen', 'source_id key', 'at', 'source_id key'),
  shape(
    'measurements',
    'id',
    'at',
    'id source_id kind probe_cc probe_asn vantage_id target component verdict detail notes raw',
  ),
  shape(
    'measurement_days',
    'day kind vantage_id probe_cc probe_asn target component verdict',
    'day count',
    'kind vantage_id probe_cc probe_asn target component verdict',
  ),
  shape('states', 'namespace key', '', 'namespace key value'),
  shape('source_states', 'id', '', 'id state'),
  shape('cache', 'namespace key', 'expires', 'namespace key value'),
  shape('links', 'chat_id', 'chat_id spare_id created_at doubled monthly_test tested_at', 'because'),
  shape('notices', 'alert_no', 'alert_no', 'notice'),
  shape('posts', 'id', 'id at', 'lane post', 'id'),
  shape('boards', 'chat_id', 'chat_id alert_no changed_at pinned', 'shown'),
];
