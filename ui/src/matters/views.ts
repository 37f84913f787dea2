// 视图: filters, order and columns of a list under a name, kept for each operator in this browser.

export interface View {
  name: string;
  /** What stands in the address behind the question mark. */
  search: string;
  /** Columns of every matter that are not shown. */
  hidden: string[];
  /** Columns of fields that are shown; null: those that one usually sees. */
  fields: string[] | null;
}

const KEPT = 'piaohao.views.';

function isView(one: unknown): one is View {
  return typeof one === 'object' && one !== null && 'name' in one && 'search' in one;
}

export function keptViews(operator: string): View[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEPT + operator) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isView) : [];
  } catch {
    return [];
  }
}

export function keepViews(operator: string, views: readonly View[]): void {
  localStorage.setItem(KEPT + operator, JSON.stringify(views));
}

/** A view under a name that there is already takes its place. */
export function withView(views: readonly View[], view: View): View[] {
  const at = views.findIndex((one) => one.name === view.name);
  return at < 0 ? [...views, view] : views.map((one, index) => (index === at ? view : one));
}

/** The filters of a view: on which page one stood is no part of it. */
export function searchOf(filters: Record<string, string>): string {
  const kept = Object.entries(filters).filter(([key, value]) => value !== '' && key !== 'cursor');
  return new URLSearchParams(kept.sort(([a], [b]) => a.localeCompare(b))).toString();
}
