/** A picture file; the fake backend says what is in it. */
export function samplePicture(): File {
  const file = new File(["picture"], "sample.jpg", { type: "image/jpeg" });
  // jsdom's files cannot be read this way.
  return Object.assign(file, { arrayBuffer: () => Promise.resolve(new ArrayBuffer(3)) });
}
