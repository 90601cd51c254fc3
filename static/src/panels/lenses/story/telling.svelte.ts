/** How the story's numbers are written: in the digits that the reader chose. */
import { formatCell } from "../../../model/format";
import type { WriteNumber } from "../../../model/narration";
import { store } from "../../../state/store.svelte";
import { fractions } from "../../fractions.svelte";

export const write: WriteNumber = (tensor, cell, value) => formatCell(value, store.view.digits, fractions.at(tensor, cell));
