import { describe, expect, it } from "vitest";

import { percentOf, pictureBox, placeAt } from "./pictureplace";

// A picture of 16:9 in a box of 4:3: 800 wide, so 450 high, with 75 above and below.
const BOX = { width: 800, height: 600 };
const PICTURE = { width: 1920, height: 1080 };

describe("a place in a picture", () => {
  it("is a share of the picture, not of the box around it", () => {
    expect(pictureBox(BOX, PICTURE)).toEqual({ left: 0, top: 75, width: 800, height: 450 });
    expect(placeAt(400, 300, BOX, PICTURE)).toEqual({ across: 0.5, down: 0.5 });
    expect(placeAt(0, 75, BOX, PICTURE)).toEqual({ across: 0, down: 0 });
    expect(placeAt(600, 525, BOX, PICTURE)).toEqual({ across: 0.75, down: 1 });
  });

  it("is none beside the picture, and none without one", () => {
    expect(placeAt(400, 74, BOX, PICTURE)).toBeNull();
    expect(placeAt(400, 526, BOX, PICTURE)).toBeNull();
    expect(placeAt(400, 300, BOX, { width: 0, height: 0 })).toBeNull();
  });

  it("stands where it was clicked, also in a narrow box", () => {
    const narrow = { width: 300, height: 800 };
    const place = placeAt(150, 400, narrow, PICTURE)!;
    expect(percentOf(place, narrow, PICTURE)).toEqual({ left: 50, top: 50 });
    expect(percentOf({ across: 0, down: 0 }, BOX, PICTURE)).toEqual({ left: 0, top: 12.5 });
    expect(percentOf(place, BOX, { width: 0, height: 9 })).toBeNull();
  });
});
