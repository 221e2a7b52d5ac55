/** Prints events as they happen, one line each, with seconds since the start. */
export class Timeline {
  private readonly start = Date.now();

  heading(text: string): void {
    console.log(`\n${text}`);
  }

  event(text: string): void {
    const seconds = ((Date.now() - this.start) / 1000).toFixed(2).padStart(7);
    console.log(`${seconds} s  ${text}`);
  }
}
