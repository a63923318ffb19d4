// The routes that the door knows, each at the first address that somebody finds by following links.

/** The roles in the order in which they are asked for a page that several may see. */
export const ROLES = ['secretariat', 'sponsor', 'expert', 'admin', 'desk', 'technician'];

/** The most pages that one role's links are followed through. */
const MOST_PAGES = 700;

/** Every GET route at the first address that somebody finds; what is no page only has to come. */
export async function everyRoute(office, people, { routes, also }) {
  const open = new Map(routes.filter(({ method }) => method === 'GET').map((route) => [route.path, route]));
  for (const role of ROLES) {
    const { page, look } = people[role];
    const mine = [...open.values()].filter(({ roles }) => roles.includes(role));
    const found = await follow(page, office, { routes: mine, also });
    for (const [path, { address, isPage }] of found) {
      open.delete(path);
      if (!isPage) continue;
      await page.goto(address);
      await look(`route${path.replace(/^\/office/, '').replace(/\W+/g, '-').replace(/-$/, '')}`);
    }
  }
  if (open.size) throw new Error(`no page of these routes was looked at: ${[...open.keys()].join(', ')}`);
}

/** Follows links from every address without a parameter on, without a window; gives an address for each route that answered with 200. */
async function follow(page, office, { routes, also }) {
  const found = new Map();
  const seen = new Set();
  const next = ['/office', ...routes.map(({ path }) => path).filter((path) => !path.includes('{')), ...also];
  while (next.length && seen.size < MOST_PAGES) {
    const address = next.shift();
    const { pathname } = new URL(address, office.url);
    if (seen.has(pathname)) continue;
    seen.add(pathname);
    const answer = await page.request.get(office.url + address);
    if (answer.status() !== 200) continue;
    const isPage = answer.headers()['content-type']?.startsWith('text/html') ?? false;
    const arrived = new URL(answer.url()).pathname;
    const route = routeOf(routes, arrived);
    if (route && !found.has(route)) found.set(route, { address: answer.url(), isPage });
    const redirect = routeOf(routes, pathname);
    if (redirect && arrived !== pathname && !found.has(redirect)) found.set(redirect, { isPage: false });
    if (!isPage) continue;
    for (const [, link] of (await answer.text()).matchAll(/href="(\/office[^"#]*)/g)) next.push(link.replaceAll('&amp;', '&'));
  }
  return found;
}

/** The route that an address belongs to; one without a parameter before one with. */
function routeOf(routes, pathname) {
  const fits = ({ path }) => new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`).test(pathname);
  return routes.filter(fits).sort((one, other) => one.path.split('{').length - other.path.split('{').length)[0]?.path;
}
