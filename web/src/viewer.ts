// Tells the server the viewer's time zone, so that times are rendered in it from the next page on.
const zone = encodeURIComponent(Intl.DateTimeFormat().resolvedOptions().timeZone);
if (!document.cookie.split("; ").includes(`wm_zone=${zone}`)) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `wm_zone=${zone}; path=/; max-age=31536000; samesite=lax${secure}`;
}

// The keys as they are written on the viewer's keyboard.
if (/Mac|iPhone|iPad/.test(navigator.platform)) {
  document.querySelectorAll<HTMLElement>("kbd[data-mac]").forEach((key) => { key.textContent = key.dataset.mac!; });
}

export {};
