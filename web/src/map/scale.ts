/** How much larger than on a desk the page is drawn: letters of the map grow with those around it. */

/** Size of the page's letters by that of a desk's; 1 where it cannot be told. */
export function pageScale(root: Element = document.documentElement): number {
  const size = parseFloat(getComputedStyle(root).fontSize);
  return Number.isFinite(size) && size > 0 ? size / 16 : 1;
}
