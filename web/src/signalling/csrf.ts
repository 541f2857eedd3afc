/**
 * Django's CSRF token from its cookie, or from the page's hidden field where the cookie is not readable. Over HTTPS the
 * name has a prefix that no other host can plant, so that one goes first.
 */
export function csrfToken(page: Document = document): string {
  const named = (name: string) => new RegExp(`(?:^|;\\s*)${name}=([^;]+)`).exec(page.cookie)?.[1];
  const cookie = named("__Host-sl_csrf") ?? named("sl_csrf");
  if (cookie !== undefined) return decodeURIComponent(cookie);
  return page.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]")?.value ?? "";
}
