// Rows of the mission that a file serves, each a way to what it says.
import { Link } from 'wouter';

export function Duties({ rows }: { rows: readonly string[] }) {
  return rows.map((row) => (
    <Link key={row} href={`/coverage?q=${row}`} className="number duty">
      {row}
    </Link>
  ));
}
