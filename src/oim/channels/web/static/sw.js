// Keeps the list of saved offers, and each saved offer that was opened, for when there is no network.
// It keeps nothing else, and nothing at all after sign-out, for who signs in next on the same telephone, or
// once the server no longer knows the session.
const KEPT = "saved";
const LIST = /^\/(fr|en)\/me\/saved$/;
const OFFER = /^\/(fr|en)\/opportunities\/[0-9a-f-]{36}$/;
const UNSAVED = /^\/(fr|en)(\/opportunities\/[0-9a-f-]{36})\/unsave$/;
const OTHERS = /\/(sign-(in|out)(\/[a-z]+)?|me\/data\/erase)$/;

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  const { request } = event;
  const path = new URL(request.url).pathname;
  if (request.method === "POST" && OTHERS.test(path)) event.respondWith(leave(request));
  else if (request.method === "POST" && UNSAVED.test(path)) event.respondWith(unsave(request, path));
  else if (request.method !== "GET") return;
  else if (LIST.test(path) || OFFER.test(path)) event.respondWith(read(request, path));
  else if (path.startsWith("/static/")) event.respondWith(asset(request));
});

async function leave(request) {
  await caches.delete(KEPT);
  return fetch(request);
}

async function unsave(request, path) {
  const answer = await fetch(request);
  const offer = path.match(UNSAVED)[2];
  for (const language of ["fr", "en"]) await drop(`/${language}${offer}`);
  return answer;
}

async function read(request, path) {
  try {
    const answer = await fetch(request);
    if (answer.status === 401) await caches.delete(KEPT);
    else if (answer.ok && answer.headers.has("OIM-Keep")) await keep(path, answer.clone());
    else if (answer.status < 500) await drop(path);
    return answer;
  } catch (away) {
    const kept = await caches.match(path);
    if (kept) return kept;
    throw away;
  }
}

async function keep(path, answer) {
  const kept = await caches.open(KEPT);
  await kept.put(path, answer.clone());
  const [sheet] = /\/static\/style\.css\?v=\w+/.exec(await answer.text()) || [];
  if (sheet && !(await kept.match(sheet))) await kept.add(sheet).catch(() => {});
}

async function drop(path) {
  if (await caches.has(KEPT)) await (await caches.open(KEPT)).delete(path);
}

async function asset(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok && (await caches.has(KEPT))) (await caches.open(KEPT)).put(request, answer.clone());
  return answer;
}
