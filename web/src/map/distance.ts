/** How far apart two points are, and how that is read. Pure. */

/** Degrees WGS 84. */
export interface Point {
  latitude: number;
  longitude: number;
}

const EARTH_M = 6_372_797.56;

/** Metres along the ground. */
export function metresBetween(from: Point, to: Point): number {
  const [lat1, lat2] = [radians(from.latitude), radians(to.latitude)];
  const u = Math.sin((lat2 - lat1) / 2);
  const v = Math.sin(radians(to.longitude - from.longitude) / 2);
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(u * u + Math.cos(lat1) * Math.cos(lat2) * v * v)));
}

/** "80 m", "1.2 km", "14 km": no finer than a phone knows it. */
export function distanceText(metres: number): string {
  if (metres < 995) return `${Math.round(metres / 10) * 10} m`;
  return metres < 9_950 ? `${(metres / 1000).toFixed(1)} km` : `${Math.round(metres / 1000)} km`;
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
