/** Words that stand in for names. None is taken from anybody; by script, and among Latin ones by length. */
const latin = `
  ado bex cav dov elu fim gav hul ixo jom kev lun mip nov olu pim rov sab tiv uxa vol wex yul zim
  aldo brin corv dell emra fenn galt hovi ilmo jarn keld lorn mire nask orvo pell quin rusk sorn tavi ulme vask wyll yarn zeph
  almer bravo corin delva embry farlo gansk hovel irvan jorim kelda lumen mavro norvi ostra pravi quill revon solva tirna ulver vanto wendo yarro zelma
  aldric bramel corvin delmar elvira fenwil galdor hestra ivello jarvik keltan lormis mervik nalder orrick palven quorin ristel sorvel tambra ulrick verano wistan yorvik zandor
  alderik branwil corvane delmira everont farolin garvind hestlan isolder jorvane kelmont lavinor merrond norvale ostrand palmere quillan ravelin selmont tarvold ulverin vandrel wistram yarwood zellner
  aldermor brindall corvella dalmoral esterlin farwelle galdrien hollmark isenbrin jarrowal kelverin lamberon merrivan nordheim ostervan pellinor quarrell ravendal silveron tamberly ulvering valderon westerly yarborou zindoral
  aldermont brantwold corvendal delmorran esterwold farrowell galdermor hallowind isenmarsh jarrowend kelvering lamberton merrowind nordhaven ostermond pellander quillmoor ravenmoor silverand tamberlin ulverston valdemoor westerand yarrowind zindermor
  aldermoore brantwolde corvendale delmorrane esterwolde farrowelle galdermoor hallowinde isenmarsch jarrowende kelvermoor lamberwold merrowinde nordhavens ostermonde pellandere quillmoore ravenmoore silvermoor tamberline ulverstone valdemoore westermoor yarrowinde zindermoor`;

const others: Readonly<Record<string, string>> = {
  Cyrillic:
    'лад мир рем ольг врем горн дарк елис жалк зорин кальт лавро мирен норва ольвар правин равель савель тарвин ульмар фарлин хольмер',
  Greek: 'νερ αλμο βραν δελμα ελβιρ καλντο λορμι μερβικ ναλντερ ορρικα παλβεν ριστελ σορβελ ταμβρα',
  Han: '叶林 安禾 白川 乔木 青岚 沐云 若溪 石原 望舒 星河 云深 竹影 和 川 禾 岚 林 木 青 溪 影 云',
  Hiragana: 'あおい みつき はるの こもれ すずり ゆらぎ',
  Katakana: 'アオイ ミツキ ハルノ コモレ スズリ ユラギ',
  Hangul: '나래 다온 라온 마루 보람 새솔 아람 하람 솔 별 결',
  Arabic: 'نور سلم دالي مرام وسيم راني ناهد باسم',
  Hebrew: 'אלון גלי נועם רוני שקד תמר',
  Devanagari: 'अरव नील मीर तारा वन',
  Thai: 'ดาว ฟ้า เมฆ ธาร ไพร',
};

/** The words of a script that are so many characters long; there may be none. */
export function inventedWords(script: string, length: number): readonly string[] {
  return (script === 'Latin' ? latinByLength : otherByLength(script)).get(length) ?? [];
}

/** The letters that words of a script are made of, where no listed word fits. */
export function lettersOf(script: string): readonly string[] {
  return [...new Set(Array.from(others[script] ?? '').filter((letter) => letter !== ' '))];
}

/** The script of a word's first letter, of those there are words for; any other counts as Latin. */
export function scriptOf(word: string): string {
  return Object.keys(others).find((script) => scriptPatterns.get(script)?.test(word) === true) ?? 'Latin';
}

const scriptPatterns = new Map(
  Object.keys(others).map((script) => [script, new RegExp(`^\\p{Script=${script}}`, 'u')] as const),
);
const latinByLength = byLength(latin);
const otherLists = new Map(Object.entries(others).map(([script, words]) => [script, byLength(words)] as const));

function otherByLength(script: string): ReadonlyMap<number, readonly string[]> {
  return otherLists.get(script) ?? new Map<number, readonly string[]>();
}

function byLength(words: string): ReadonlyMap<number, readonly string[]> {
  const groups = new Map<number, string[]>();
  for (const word of words.trim().split(/\s+/)) {
    const { length } = Array.from(word);
    groups.set(length, [...(groups.get(length) ?? []), word]);
  }
  return groups;
}
