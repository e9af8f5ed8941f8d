// What a course's origin keeps on the device: the queue of what was done without a network, and whose it is.
export type Waiting = {
  key: string;
  owner: string; // whose: another person's are never sent
  run: string;
  kind: "answer" | "watched" | "viewed";
  unit: string;
  usage?: string;
  moment: string;
  at_ms: number;
  from_ms?: number;
  handler?: string;
  suffix?: string;
  type?: "form" | "json";
  body?: string;
  view?: boolean;
  ranges?: [number, number][];
};

export const CACHE = "guixue-unit";
const DATABASE = "guixue-unit";
const QUEUE = "queue";
const ABOUT = "about";

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(DATABASE, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore(QUEUE, { keyPath: "key" });
      asked.result.createObjectStore(ABOUT);
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error ?? new Error("no store"));
  });
}

async function use<T>(store: string, mode: IDBTransactionMode, deed: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open();
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(store, mode);
      const asked = deed(transaction.objectStore(store));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error ?? new Error("not stored"));
    });
  } finally {
    database.close();
  }
}

/** Add an item, or put it in the place of the one with its key. */
export async function put(item: Waiting): Promise<void> {
  await use(QUEUE, "readwrite", (store) => store.put(item));
}

/** What waits for this person in this run, in the order in which it was done. */
export async function waiting(owner: string, run: string): Promise<Waiting[]> {
  const all = await use<Waiting[]>(QUEUE, "readonly", (store) => store.getAll() as IDBRequest<Waiting[]>);
  const own = all.filter((item) => item.owner === owner && item.run === run);
  return own.sort((a, b) => (a.from_ms ?? a.at_ms) - (b.from_ms ?? b.at_ms));
}

/** Forget an item: the server has said what became of it. */
export async function remove(key: string): Promise<void> {
  await use(QUEUE, "readwrite", (store) => store.delete(key));
}

/** On a shared device, throw away the units that another person stored. Their answers wait for them and stay unsent. */
export async function settle(owner: string): Promise<boolean> {
  const known = await use<string | undefined>(ABOUT, "readonly", (store) => store.get("owner") as IDBRequest<string | undefined>);
  if (known === owner) return false;
  if (known !== undefined) await caches.delete(CACHE);
  await use(ABOUT, "readwrite", (store) => store.put(owner, "owner"));
  return known !== undefined;
}

/** Delete everything: units, files, what was not sent. */
export async function forget(): Promise<void> {
  await caches.delete(CACHE);
  localStorage.removeItem("guixue:places"); // where films were left
  await new Promise<void>((resolve) => {
    const asked = indexedDB.deleteDatabase(DATABASE);
    asked.onsuccess = asked.onerror = asked.onblocked = () => resolve();
  });
}
