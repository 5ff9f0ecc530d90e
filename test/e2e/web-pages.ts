/** The pages of a running program's web listener, read as a scraper would. */
export function pages(port: () => number) {
  const get = async (path: string): Promise<string> => (await fetch(`http://127.0.0.1:${port()}${path}`)).text();
  /** Series by name and labels, after the cache of the page. */
  const series = async (): Promise<Map<string, number>> => {
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    const lines = (await get('/metrics')).split('\n').filter((line) => line && !line.startsWith('#'));
    return new Map(
      lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
    );
  };
  return { get, series, metric: async (name: string) => (await series()).get(name) };
}
