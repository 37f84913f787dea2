// How far each module is: a bar, and the same in figures.
import { useSpeech } from '../text/text';
import type { MissionRow } from '../rulebook/questions';
import { useModules } from './modules';
import { byModule } from './rows';

interface Props {
  rows: MissionRow[];
  modules: string[];
  choose: (module: string) => void;
}

export function ModuleCounts({ rows, modules, choose }: Props) {
  const { say } = useSpeech();
  const module = useModules();
  return (
    <section className="panel" aria-labelledby="modules">
      <h2 id="modules">{say('by_module')}</h2>
      <div className="modules">
        {byModule(rows, modules).map((one) => (
          <button key={one.module} type="button" className="module" onClick={() => choose(one.module)}>
            <span>{module(one.module)}</span>
            <span className="number">
              {one.covered}/{one.all}
            </span>
            <span className="module-bar" aria-hidden="true">
              <span style={{ width: `${one.all > 0 ? (100 * one.covered) / one.all : 0}%` }} />
            </span>
          </button>
        ))}
      </div>
    </section>
  );
}
