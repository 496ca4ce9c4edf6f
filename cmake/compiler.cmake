# Language level, our warnings as errors, linker and sanitizers. Everything of ours links to movio_options.
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_SCAN_FOR_MODULES OFF)
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1")
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g0 -DNDEBUG")

# g++ 12 miscompiles temporaries inside co_await expressions; see ARCHITECTURE.md.
if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang" OR CMAKE_CXX_COMPILER_VERSION VERSION_LESS 19)
  message(FATAL_ERROR "Movio builds with clang 19 or newer. Use a preset: cmake --preset dev")
endif()

set(MOVIO_SANITIZE "" CACHE STRING "Value for -fsanitize=, empty for none")
option(MOVIO_FUZZ "Build the libFuzzer programs" OFF)

add_library(movio_options INTERFACE)
target_compile_options(movio_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wnon-virtual-dtor
  -Woverloaded-virtual -Wimplicit-fallthrough -Werror -fno-strict-aliasing -fstack-protector-strong)
target_include_directories(movio_options INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_link_options(movio_options INTERFACE -fuse-ld=lld -Wl,--gc-sections)
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_options(movio_options INTERFACE -ffunction-sections -fdata-sections)
  target_compile_definitions(movio_options INTERFACE _FORTIFY_SOURCE=2)
endif()
if(MOVIO_SANITIZE)
  target_compile_options(movio_options INTERFACE
    -fsanitize=${MOVIO_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  if(MOVIO_SANITIZE MATCHES "undefined")
    # The check of an object's kind probes memory with a pipe, which the sandboxed media process may not open.
    target_compile_options(movio_options INTERFACE -fno-sanitize=vptr)
  endif()
  target_link_options(movio_options INTERFACE -fsanitize=${MOVIO_SANITIZE})
  target_compile_definitions(movio_options INTERFACE MOVIO_SANITIZED=1)
endif()
