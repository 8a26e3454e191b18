import { backend, type EnrolmentText } from "../../backend/backend";
import { codeOf } from "../../backend/errors";

/** What a picture of an enrolment's QR code came to. */
export type ReadPicture =
  | { read: "enrolment"; enrolment: EnrolmentText }
  | { read: "no_code" }
  | { read: "another_code" }
  | { read: "unfit" };

/** Looks for an enrolment's QR code in a picture file. */
export async function readPictureFile(file: File): Promise<ReadPicture> {
  let texts: string[];
  try {
    texts = await backend().readPicture(Array.from(new Uint8Array(await file.arrayBuffer())));
  } catch (thrown) {
    if (["not_a_picture", "picture_too_large"].includes(codeOf(thrown))) return { read: "unfit" };
    throw thrown;
  }
  for (const text of texts) {
    const enrolment = await backend().readEnrolment(text);
    if (enrolment) return { read: "enrolment", enrolment };
  }
  return { read: texts.length === 0 ? "no_code" : "another_code" };
}
