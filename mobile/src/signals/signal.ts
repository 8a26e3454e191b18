import { SIGNALS, type Signal } from "./signals";

let audio: AudioContext | undefined;

/** Sounds and vibrates, as far as somebody wants it and the device can. */
export function signal(
  which: Signal,
  wanted: { readonly sound: boolean; readonly vibration: boolean },
): void {
  const { notes, wave, vibration } = SIGNALS[which];
  if (wanted.vibration && "vibrate" in navigator) navigator.vibrate([...vibration]);
  if (!wanted.sound || typeof AudioContext === "undefined") return;
  audio ??= new AudioContext();
  void audio.resume();
  let at = audio.currentTime;
  for (const note of notes) {
    if (note.hertz > 0) play(audio, wave, note.hertz, at, note.seconds);
    at += note.seconds;
  }
}

function play(context: AudioContext, wave: OscillatorType, hertz: number, at: number, seconds: number): void {
  const tone = new OscillatorNode(context, { type: wave, frequency: hertz });
  const loudness = new GainNode(context, { gain: 0 });
  // A ramp at both ends: a tone that starts or stops at once clicks.
  loudness.gain.setValueAtTime(0, at);
  loudness.gain.linearRampToValueAtTime(0.5, at + 0.01);
  loudness.gain.setValueAtTime(0.5, at + seconds - 0.02);
  loudness.gain.linearRampToValueAtTime(0, at + seconds);
  tone.connect(loudness).connect(context.destination);
  tone.start(at);
  tone.stop(at + seconds);
}
