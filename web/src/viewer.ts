// Tells the server the viewer's time zone, so that times are rendered in it from the next page on.
const zone = encodeURIComponent(Intl.DateTimeFormat().resolvedOptions().timeZone);
if (!document.cookie.split("; ").includes(`wm_zone=${zone}`)) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `wm_zone=${zone}; path=/; max-age=31536000; samesite=lax${secure}`;
}

export {};
