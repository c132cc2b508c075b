/** Words that a newcomer cannot guess. They are in no name and in no glossary. */
export const privateWords = new Set(
  [
    'asked bell beside chance closing death described door forget goodbye hear heard hide hint house insist',
    'journal kin look mend narrator pen place presence puppet respite rival room said sound spoiled staff',
    'stage stock tell told unfit upkeep',
  ].flatMap((line) => line.split(' ')),
)
