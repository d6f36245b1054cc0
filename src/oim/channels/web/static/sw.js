// Caches the list of saved offers, and each saved offer that was opened, for when there is no network. Nothing
// else is cached. The cache is deleted at sign-in and sign-out, as the next person may share the telephone, when
// an account is erased, and once the server no longer knows the session.
const CACHE = "saved";
const LIST = /^\/(fr|en)\/me\/saved$/;
const OFFER = /^\/(fr|en)\/opportunities\/[0-9a-f-]{36}$/;
const UNSAVED = /^\/(fr|en)(\/opportunities\/[0-9a-f-]{36})\/unsave$/;
const ACCOUNT_CHANGE = /\/(sign-(in|out)(\/[a-z]+)?|me\/data\/erase)$/;

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  const { request } = event;
  const path = new URL(request.url).pathname;
  if (request.method === "POST" && ACCOUNT_CHANGE.test(path)) event.respondWith(clearAndFetch(request));
  else if (request.method === "POST" && UNSAVED.test(path)) event.respondWith(unsave(request, path));
  else if (request.method !== "GET") return;
  else if (LIST.test(path) || OFFER.test(path)) event.respondWith(read(request, path));
  else if (path.startsWith("/static/")) event.respondWith(readAsset(request));
});

async function clearAndFetch(request) {
  await caches.delete(CACHE);
  return fetch(request);
}

async function unsave(request, path) {
  const answer = await fetch(request);
  const offer = path.match(UNSAVED)[2];
  for (const language of ["fr", "en"]) await remove(`/${language}${offer}`);
  return answer;
}

async function read(request, path) {
  try {
    const answer = await fetch(request);
    if (answer.status === 401) await caches.delete(CACHE);
    else if (answer.ok && answer.headers.has("OIM-Keep")) await store(path, answer.clone());
    else if (answer.status < 500) await remove(path);
    return answer;
  } catch (networkError) {
    const cached = await caches.match(path);
    if (cached) return cached;
    throw networkError;
  }
}

async function store(path, answer) {
  const cache = await caches.open(CACHE);
  await cache.put(path, answer.clone());
  // A page without its style sheet is hard to read: the version it names is cached with it.
  const [sheet] = /\/static\/style\.css\?v=\w+/.exec(await answer.text()) || [];
  if (sheet && !(await cache.match(sheet))) await cache.add(sheet).catch(() => {});
}

async function remove(path) {
  if (await caches.has(CACHE)) await (await caches.open(CACHE)).delete(path);
}

async function readAsset(request) {
  const cached = await caches.match(request);
  if (cached) return cached;
  const answer = await fetch(request);
  if (answer.ok && (await caches.has(CACHE))) (await caches.open(CACHE)).put(request, answer.clone());
  return answer;
}
