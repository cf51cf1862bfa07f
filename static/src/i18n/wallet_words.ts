/** Imported by the page of the wallet, and by what is tested of it: its words join the others. */
import { addWords } from "./index.js";
import { walletEn } from "./wallet_en.js";
import { walletRu } from "./wallet_ru.js";

addWords({ ru: walletRu, en: walletEn });
