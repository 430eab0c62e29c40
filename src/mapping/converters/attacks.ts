/** The techniques of MITRE ATT&CK that sysmon-modular writes into rule names. */
import type { Converter } from '../converter.ts';

/** A technique in a rule name of sysmon-modular: `technique_id=T1574.010,technique_name=Services File…`. */
const TECHNIQUE = /^technique_id=(T\d{4})(\.\d{3})?(?:,\s*technique_name=([^]*))?$/;

/** What other configurations write behind a technique: `,phase_name=Credential Access`. */
const OTHER_KEY = /,\s*(?!technique_name=)[a-z]+_[a-z]+=/;

interface Technique {
  readonly technique: string;
  readonly subTechnique: string | undefined;
  readonly name: string | undefined;
}

function techniques(ruleName: string): Technique[] {
  // Cut by hand, so that no rule name is read twice: `;` and `|` end a technique, and so does a comma before the next.
  return ruleName.split(/[;|]/).flatMap((part) =>
    part.split(/,\s*(?=technique_id=)/).flatMap((piece) => {
      const at = piece.indexOf('technique_id=');
      const [own = ''] = at < 0 ? [] : piece.slice(at).split(OTHER_KEY, 1);
      const match = TECHNIQUE.exec(own.trimEnd());
      if (match === null) return [];
      const [, technique = '', sub, name] = match;
      return [{ technique, subTechnique: sub && technique + sub, name: name === '' ? undefined : name }];
    }),
  );
}

export const attacks: Converter = {
  name: 'attacks',
  summary: 'a rule name of sysmon-modular (technique_id=T1055.012,technique_name=…) ► attack objects',
  output: {
    object: 'attack',
    shape: { technique: { uid: true, name: true }, sub_technique: { uid: true, name: true } },
    required: ['technique'],
    list: true,
  },
  lossless: false,
  convert: (text) => {
    const found = techniques(text).map(({ technique, subTechnique, name }) =>
      subTechnique === undefined
        ? { technique: { uid: technique, ...(name && { name }) } }
        : { technique: { uid: technique }, sub_technique: { uid: subTechnique, ...(name && { name }) } },
    );
    return found.length > 0 ? found : [];
  },
};

export const hasTechnique: Converter = {
  name: 'has_technique',
  summary: 'true where a rule name names an ATT&CK technique, absent elsewhere',
  output: { type: 'string_t' },
  lossless: false,
  convert: (text) => (techniques(text).length > 0 ? 'true' : ''),
};
