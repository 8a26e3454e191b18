import type { FactLine } from "../../backend/backend";
import { moneyText, temperatureText, weightText } from "../../texts/amounts";
import { codeOf, fieldOf, numberOf, textOf } from "./fields";
import { placeHere, whoHere, type NamesHere } from "./named";

/** A fact's fields, each ready to stand in a sentence. */
export interface Said {
  who(field: "from" | "to" | "carrier"): string;
  place(): string;
  code(field: string): string;
  text(field: string): string;
  number(field: string): number;
  money(): string;
  weight(): string;
  temperature(): string;
}

/** A fact whose fields are named by what is known here. */
export function saidIn(line: FactLine, names: NamesHere): Said {
  return {
    who: (field) => whoHere(names, fieldOf(line, field)),
    place: () => placeHere(names, fieldOf(line, "place")),
    code: (field) => codeOf(line, field) ?? "",
    text: (field) => textOf(line, field) ?? "",
    number: (field) => numberOf(line, field) ?? 0,
    money: () => moneyText(numberOf(line, "fen") ?? 0),
    weight: () => weightText(numberOf(line, "grams") ?? 0),
    temperature: () => temperatureText(numberOf(line, "temperature") ?? 0),
  };
}
