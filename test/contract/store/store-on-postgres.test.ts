import { describePostgres } from './postgres.ts';
import { storeSuite } from './store.suite.ts';

describePostgres('store on PostgreSQL', ({ reused }) => storeSuite(reused));
