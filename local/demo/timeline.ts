/** Prints what happens, as it happens: seconds since the start, and one line each. */
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
