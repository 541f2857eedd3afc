import { expect, it } from "vitest";

import { pageScale } from "./scale";

it("the map grows with the letters of the page, and stays as it is where these cannot be told", () => {
  const root = document.createElement("div");
  document.body.append(root);
  root.style.fontSize = "30px";
  expect(pageScale(root)).toBe(1.875);
  root.style.fontSize = "0px";
  expect(pageScale(root)).toBe(1);
});
