/** Whether someone is on the way to the story, whose heading then takes the focus. */
export const arrival = $state({ isAwaited: false });
