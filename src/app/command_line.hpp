#pragma once

namespace movio::app {

// Exit codes, documented in docs/command-line.md.
inline constexpr int kExitDone = 0;
inline constexpr int kExitFailure = 1;  // something failed; the message says what and what to do
inline constexpr int kExitUsage = 2;    // the call was wrong

// Reads the arguments, runs the command and gives the exit code.
int run_command_line(int argc, char** argv);

}  // namespace movio::app
