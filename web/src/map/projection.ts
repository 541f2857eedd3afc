/**
 * EPSG:27700 for display.
 *
 * The Helmert transformation used here is good to about 5 m. Eastings, northings and grid references that people read
 * or copy come from the server (OSTN15); this one only places things on the screen.
 */

import type { Projection } from "ol/proj";
import { get as getProjection, transform } from "ol/proj";
import { register } from "ol/proj/proj4";
import proj4 from "proj4";

import type { Fix } from "../signalling/messages";
import { GRID_EXTENT } from "./grid";

/** Code of the National Grid's projection. */
export const NATIONAL_GRID = "EPSG:27700";

const DEFINITION =
  "+proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy " +
  "+towgs84=446.448,-125.157,542.06,0.15,0.247,0.842,-20.489 +units=m +no_defs";

/** Makes the National Grid known to OpenLayers and returns its projection. */
export function registerNationalGrid(): Projection {
  proj4.defs(NATIONAL_GRID, DEFINITION);
  register(proj4);
  const projection = getProjection(NATIONAL_GRID);
  if (projection === null) throw new Error("the National Grid projection could not be registered");
  projection.setExtent([...GRID_EXTENT]);
  return projection;
}

/** What is needed to place something: the server's own coordinates on the grid are better than ours where it gives them. */
export type Placeable = Pick<Fix, "latitude" | "longitude"> & Partial<Pick<Fix, "easting" | "northing">>;

/** Where a fix lies in a view's projection. On the National Grid the server's own coordinates are used as they are. */
export function placeFix(fix: Placeable, projectionCode: string): [number, number] {
  if (projectionCode === NATIONAL_GRID && fix.easting != null && fix.northing != null) {
    return [fix.easting, fix.northing];
  }
  const [x = 0, y = 0] = transform([fix.longitude, fix.latitude], "EPSG:4326", projectionCode);
  return [x, y];
}
