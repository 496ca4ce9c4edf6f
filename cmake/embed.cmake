# movio_embed(target DIRECTORY dir NAME name [DEPENDS …]): a static library whose `embedded::name()` lists every file
# below dir (see src/base/embedded.hpp). The files are part of the executable: nothing is read from disk at run time.
# A folder that is itself built names in DEPENDS what is new after each build of it.
function(movio_embed target)
  cmake_parse_arguments(ARG "" "DIRECTORY;NAME" "DEPENDS" ${ARGN})
  set(files)
  if(NOT ARG_DEPENDS)
    file(GLOB_RECURSE files CONFIGURE_DEPENDS ${ARG_DIRECTORY}/*)
  endif()
  set(output ${CMAKE_BINARY_DIR}/embedded/${ARG_NAME}.cpp)
  add_custom_command(OUTPUT ${output} ${output}.S
    COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/embed.py ${ARG_DIRECTORY} ${ARG_NAME} ${output}
    DEPENDS ${CMAKE_SOURCE_DIR}/tools/embed.py ${files} ${ARG_DEPENDS}
    COMMENT "Embedding ${ARG_NAME}" VERBATIM)
  add_library(${target} STATIC ${output} ${output}.S)
  # ccache does not see what .incbin reads.
  set_target_properties(${target} PROPERTIES C_COMPILER_LAUNCHER "" ASM_COMPILER_LAUNCHER "")
  target_link_libraries(${target} PUBLIC movio_options movio_base)
endfunction()
