/** What we use of it. Declared here, so that the code can be checked where its native part does not exist and the package was left out. */
declare module '@resvg/resvg-js' {
  export class Resvg {
    constructor(
      svg: string,
      options: {
        font: { fontFiles: string[]; loadSystemFonts: boolean; defaultFontFamily: string };
        logLevel: 'off';
      },
    );
    render(): RenderedImage;
  }
  interface RenderedImage {
    readonly width: number;
    readonly height: number;
    /** RGBA, row by row; lent by native code, and copied at each access. */
    readonly pixels: Uint8Array;
  }
}
