// Asks for the worker that keeps saved offers readable without network. Every page works without it.
if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js");
