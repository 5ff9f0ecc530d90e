export declare class OlmMachine {}
export declare enum StoreType {
  Sqlite = 0,
}
