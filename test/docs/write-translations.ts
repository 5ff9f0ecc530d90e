/** `npm run translations`: writes docs/translations.md, and prints it. */
import { writeFileSync } from 'node:fs';
import { PAGE, translationsPage } from './translations.ts';

const page = translationsPage();
writeFileSync(PAGE, page);
console.log(page);
