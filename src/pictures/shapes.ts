/** What goes between the bot and the process that makes its pictures. */
export interface PictureJob {
  id: number;
  svg: string;
}

export type PictureAnswer = { id: number; png: Uint8Array } | { id: number; error: string };

/** The first word of the maker: it can work, or why it never will. */
export type PictureGreeting = { ready: true } | { ready: false; reason: string };
