import { t } from "../../texts/texts.svelte";

/** What a device of this role holds, a sentence each. */
export function whatIsHere(role: string | undefined): readonly string[] {
  return [
    role === "clerk" ? t.privacy_here_work_clerk() : t.privacy_here_work(),
    t.privacy_here_places(),
    t.privacy_here_own(),
  ];
}

/** Who sees it. */
export function whoSeesIt(): readonly string[] {
  return [t.privacy_sees_device(), t.privacy_sees_county(), t.privacy_sees_tips(), t.privacy_sees_appeals()];
}

/** What is never recorded. */
export function whatIsNeverHere(): readonly string[] {
  return [t.privacy_never_track(), t.privacy_never_people(), t.privacy_never_rank(), t.privacy_never_faces()];
}

/** When what is here goes. */
export function whenItGoes(): readonly string[] {
  return [t.privacy_ends_work(), t.privacy_ends_camps(), t.privacy_ends_unsent()];
}
