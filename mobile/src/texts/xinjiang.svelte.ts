let isShown = $state(false);

/** Whether Xinjiang time stands beside Beijing time, on every screen. */
export function isXinjiangShown(): boolean {
  return isShown;
}

/** Shows Xinjiang time beside Beijing time from now on, or does not. */
export function showXinjiang(wanted: boolean): void {
  isShown = wanted;
}
