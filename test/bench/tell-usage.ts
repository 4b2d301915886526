/** Imported ahead of a program that is measured: tells the parent, at its end, what the process used. */
process.channel?.unref(); // it does not keep the program alive
process.on('exit', () => process.send?.(process.resourceUsage()));
