// An invented company and its way through the form: what it types, right and wrong, on every screen.

import { R6, R7 } from './office.mjs';

/** What is typed on each screen: full-width and half-width, hiragana for フリガナ, every kind of hyphen. */
const COMMON = {
  company: {
    entity_kind: 'corporation',
    name: '株式会社備え髙﨑製作所',
    name_kana: 'そなえﾀｶｻｷせいさくしょ',
    corporate_number: '７０００-０１２０-５０００２',
  },
  size: { industry: 'manufacturing_other', capital_yen: '１，０００万円', employees: '４５人' },
  address: { postcode: '〒１６０ー００２３', prefecture: '13', address_line1: '新宿区西新宿２ー８ー１', address_line2: '' },
  contact: {
    contact_name: '髙橋　𠮷子',
    contact_kana: 'ﾀｶﾊｼ ﾖｼｺ',
    contact_phone: '+81-3-0000-0123',
    contact_email: 'ＹＯＳＨＩＫＯ＠sonae.example.jp',
  },
  pledges: { pledges: ['a', 'b', 'c', 'd', 'e', 'f', 'g'], survey_agreed: 'true' },
};

/** The same company's answers to each programme, in the order of its screens. */
export const SCREENS = {
  [R6.id]: {
    company: COMMON.company,
    size: COMMON.size,
    address: COMMON.address,
    contact: { ...COMMON.contact, 'extra.contact_by': 'either' },
    courses: { courses: ['utm', 'guidance'] },
    conditions: { past_support: 'none', equivalent_subsidy: 'false' },
    pledges: COMMON.pledges,
  },
  [R7.id]: {
    company: COMMON.company,
    size: COMMON.size,
    address: COMMON.address,
    contact: COMMON.contact,
    courses: { courses: 'it_bcp', 'extra.weekday_time': 'true' },
    conditions: {
      past_support: 'none',
      'measures.utm_or_edr_installed': 'true',
      'measures.two_star_level_policy': 'true',
      continuing_measures: 'true',
    },
    pledges: COMMON.pledges,
  },
};

/** Mistakes of each kind, by screen: what is typed wrong, and the names that must be complained about. */
export const MISTAKES = {
  company: { typed: { name: '備え商店', name_kana: '備え商店', corporate_number: '1234567890123' }, wrong: ['entity_kind', 'name_kana', 'corporate_number'] },
  size: { typed: { capital_yen: 'たくさん', employees: '約五十' }, wrong: ['industry', 'capital_yen', 'employees'] },
  address: { typed: { postcode: '160-002', address_line1: '' }, wrong: ['postcode', 'prefecture', 'address_line1'] },
  contact: {
    typed: { contact_name: '髙橋　𠮷子', contact_kana: '髙橋', contact_phone: '03-0000', contact_email: 'yoshiko＠sonae' },
    wrong: ['contact_kana', 'contact_phone', 'contact_email'],
  },
  courses: { typed: {}, wrong: ['courses'] },
  conditions: { typed: {}, wrong: ['past_support'] },
  pledges: { typed: { pledges: ['a', 'b'] }, wrong: ['pledges', 'survey_agreed'] },
};

/** What the confirmation shows of it: the normalised form, with the names as they were typed. */
export const NORMALISED = [
  '株式会社備え髙﨑製作所',
  'ソナエタカサキセイサクショ',
  '7000012050002',
  '1,000万円',
  '45人',
  '160-0023',
  '東京都',
  '西新宿',
  '髙橋 𠮷子',
  'タカハシ ヨシコ',
  '03-0000-0123',
  'YOSHIKO@sonae.example.jp',
];

/** What the interface is sent to fill the places of a course. */
export function body(number, courses) {
  return {
    entity_kind: 'corporation',
    name: `株式会社備え${number}`,
    name_kana: 'ソナエ',
    corporate_number: null,
    industry: 'manufacturing_other',
    capital_yen: 10000000,
    employees: 45,
    postcode: '1600023',
    prefecture: '13',
    address_line1: '新宿区西新宿2-8-1',
    address_line2: '',
    contact_name: '備え 太郎',
    contact_kana: 'ソナエ タロウ',
    contact_phone: '03-0000-0123',
    contact_email: `taro${number}@sonae.example.jp`,
    courses,
    past_support: [],
    equivalent_subsidy: false,
    pledges: ['a', 'b', 'c', 'd', 'e', 'f', 'g'],
    survey_agreed: true,
  };
}

/** Types or chooses by the names of the controls. A list chooses exactly its values. */
export async function fill(page, values) {
  for (const [name, value] of Object.entries(values)) {
    const controls = page.locator(`main form [name="${name}"]`);
    const kind = await controls.first().evaluate((control) => control.type);
    if (kind === 'radio') await page.locator(`main form [name="${name}"][value="${value}"]`).check();
    else if (kind === 'checkbox') {
      for (const box of await controls.all()) await box.setChecked(value.includes(await box.getAttribute('value')));
    } else if (kind === 'select-one') await controls.first().selectOption(value);
    else await controls.first().fill(value);
  }
}

/** Presses the button that a person sees under this name. */
export function press(page, name) {
  return page.locator('main').getByRole('button', { name, exact: true }).first().click();
}

/** Begins a form on the programme's own page for it; gives the form's private path. */
export async function begin(page, office, programme) {
  await page.goto(`${office.url}/programs/${programme}/apply`);
  await press(page, '入力を始める');
  return privatePath(page);
}

export function privatePath(page) {
  return new URL(page.url()).pathname.replace(/\/[^/]+$/, '');
}

/** Fills every screen without a mistake, from the first to the confirmation. */
export async function fillAll(page, programme, changed = {}) {
  for (const [screen, values] of Object.entries(SCREENS[programme])) {
    await page.waitForURL(`**/${screen}`);
    await fill(page, { ...values, ...changed[screen] });
    await press(page, '次へ');
  }
  await page.waitForURL('**/confirm');
}
