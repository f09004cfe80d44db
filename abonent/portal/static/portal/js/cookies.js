const YEAR = 365 * 24 * 3600;

// An empty value removes the cookie; the server reads it on the next page, so nothing flashes.
export function remember(name, value) {
  const secure = location.protocol === "https:" ? ";secure" : "";
  document.cookie = `${name}=${value};path=/;max-age=${value ? YEAR : 0};samesite=lax${secure}`;
}
