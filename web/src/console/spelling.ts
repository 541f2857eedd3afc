/** Codes as they are said on the telephone: letters by the alphabet of the radio, digits as they are. Pure. */

const WORDS: Record<string, string> = {
  A: "Alfa", B: "Bravo", C: "Charlie", D: "Delta", E: "Echo", F: "Foxtrot", G: "Golf", H: "Hotel", I: "India", J: "Juliett",
  K: "Kilo", L: "Lima", M: "Mike", N: "November", O: "Oscar", P: "Papa", Q: "Quebec", R: "Romeo", S: "Sierra", T: "Tango",
  U: "Uniform", V: "Victor", W: "Whiskey", X: "X-ray", Y: "Yankee", Z: "Zulu",
};

/** The characters of a code in its groups, each with the word to say: "K4 M7" is [[K, Kilo], [4, 4]], [[M, Mike], [7, 7]]. */
export function spelled(code: string): { character: string; word: string }[][] {
  const groups = code.split(" ").filter((group) => group !== "");
  return groups.map((group) => Array.from(group, (character) => ({ character, word: WORDS[character] ?? character })));
}
