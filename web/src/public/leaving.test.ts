import { expect, it } from "vitest";

import { tellLeft } from "./leaving";

it("test_caller_who_exits_tells_the_server_with_the_token_of_the_page", () => {
  document.cookie = "sl_csrf=abc";
  const sent: [string, string][] = [];
  tellLeft("/live/leave/", {
    sendBeacon: (url, body) => {
      sent.push([String(url), body instanceof URLSearchParams ? body.toString() : ""]);
      return true;
    },
  });
  expect(sent).toEqual([["/live/leave/", "csrfmiddlewaretoken=abc"]]);
});
