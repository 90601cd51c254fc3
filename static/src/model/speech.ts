/** The signs of mathematics as words that a screen reader reads well. */

const SIGNS: Readonly<Record<string, string>> = {
  "+": "plus",
  "−": "minus",
  "·": "times",
  "/": "divided by",
  ",": ",",
  "(": "open bracket",
  ")": "close bracket",
  "²": "squared",
  "³": "cubed",
};

export const saySign = (sign: string): string => SIGNS[sign] ?? sign.replace("^", "to the power ").trim();

const FUNCTIONS: Readonly<Record<string, string>> = {
  "σ": "sigma",
  "√": "the square root",
  ln: "the natural logarithm",
  exp: "e to the power",
  max: "the largest",
};

/** "tanh′" → "tanh prime of". */
export function sayFunction(name: string): string {
  const plain = name.replaceAll("′", "");
  const word = (FUNCTIONS[plain] ?? plain) + " prime".repeat(name.length - plain.length);
  return plain === "exp" ? word : `${word} of`;
}

/** "dW[2]" → "dW of layer 2". */
export const sayName = (name: string): string => name.replace(/\[(\d+)\]/, " of layer $1");

const WORDS: Readonly<Record<string, string>> = { "·": "not computed yet", "?": "to be predicted", "+∞": "infinity", "−∞": "minus infinity" };

/** A number's text in words: "−3/8" → "minus 3 over 8", "1.235e−4" → "1.235 times 10 to the minus 4". */
export function sayNumber(text: string): string {
  return (
    WORDS[text] ??
    text
      .replace("≈", "about ")
      .replace("<", "less than ")
      .replace(">", "more than ")
      .replace("/", " over ")
      .replace(/(?<=\d)e/, " times 10 to the ")
      .replaceAll("−", "minus ")
  );
}
