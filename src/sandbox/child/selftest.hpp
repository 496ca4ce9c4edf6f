#pragma once
#include <string>
#include <string_view>

namespace movio::sandbox {

// Tries from inside what must be refused, and says in JSON what came of it:
// {"acts": [{"act": "open /etc/passwd", "denied": true, "how": "EACCES"}, …]}.
std::string attempt_denied_acts();

// Does one thing that must end the process at once (SIGSYS). Comes back only where it was not ended. False when there
// is no act of that name.
bool attempt_deadly_act(std::string_view act);

}  // namespace movio::sandbox
