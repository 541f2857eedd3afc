/** Places in a picture, as shares of its width and height from the top left corner, and where they are on the page. Pure. */

export interface Size {
  width: number;
  height: number;
}

/** A place in a picture. */
export interface PicturePlace {
  across: number;
  down: number;
}

/** Left, top, width and height of a picture that is shown whole in a box of another shape; null where one of them has no size. */
export function pictureBox(box: Size, picture: Size): { left: number; top: number; width: number; height: number } | null {
  if (Math.min(box.width, box.height, picture.width, picture.height) <= 0) return null;
  const scale = Math.min(box.width / picture.width, box.height / picture.height);
  const [width, height] = [picture.width * scale, picture.height * scale];
  return { left: (box.width - width) / 2, top: (box.height - height) / 2, width, height };
}

/** The place in the picture at a point of the box, in pixels from its top left corner; null beside the picture. */
export function placeAt(x: number, y: number, box: Size, picture: Size): PicturePlace | null {
  const shown = pictureBox(box, picture);
  if (shown === null) return null;
  const [across, down] = [(x - shown.left) / shown.width, (y - shown.top) / shown.height];
  return across >= 0 && across <= 1 && down >= 0 && down <= 1 ? { across, down } : null;
}

/** Where a place of the picture is in the box, in percent of the box; null where there is no picture. */
export function percentOf({ across, down }: PicturePlace, box: Size, picture: Size): { left: number; top: number } | null {
  const shown = pictureBox(box, picture);
  if (shown === null) return null;
  return { left: ((shown.left + across * shown.width) / box.width) * 100, top: ((shown.top + down * shown.height) / box.height) * 100 };
}
