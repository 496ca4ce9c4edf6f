#pragma once
#include <cstddef>

namespace movio::app {

// Raises the soft limit of open files to what the system allows: Debian's default of 1,024 is fewer than connections
// may be. Once, at the start.
void raise_descriptor_limit();
std::size_t descriptor_limit();
// Connections that leave room for files and media processes; an answer from a file takes a second descriptor.
std::size_t connections_within(std::size_t descriptors);

}  // namespace movio::app
