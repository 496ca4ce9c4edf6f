# One folder under src/ is one static library: movio_library(media/format DEPS movio_base PUBLIC_LIBS … PRIVATE_LIBS …)
# makes movio_media_format of all .cpp files directly in src/media/format. The sub-folders endpoints/, commands/ and
# services/ are part of their module.
function(movio_library folder)
  cmake_parse_arguments(ARG "" "" "DEPS;LIBS" ${ARGN})
  string(REPLACE "/" "_" name "movio_${folder}")
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${folder}/*.cpp
    ${CMAKE_SOURCE_DIR}/src/${folder}/endpoints/*.cpp ${CMAKE_SOURCE_DIR}/src/${folder}/commands/*.cpp
    ${CMAKE_SOURCE_DIR}/src/${folder}/services/*.cpp)
  if(sources)
    add_library(${name} STATIC ${sources})
    target_link_libraries(${name} PUBLIC movio_options ${ARG_DEPS} ${ARG_LIBS})
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE movio_options ${ARG_DEPS} ${ARG_LIBS})
  endif()
endfunction()

# Builds every GoogleTest program and nothing else.
add_custom_target(unit_tests)

# One folder under tests/ is one GoogleTest program: movio_test(unit/base DEPS movio_base) makes test_unit_base.
function(movio_test folder)
  cmake_parse_arguments(ARG "" "" "DEPS" ${ARGN})
  string(REPLACE "/" "_" name "test_${folder}")
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/${folder}/*.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(${name} ${sources})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_link_libraries(${name} PRIVATE movio_options ${ARG_DEPS} movio_test_support GTest::gmock GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE
    MOVIO_SOURCE_DIR="${CMAKE_SOURCE_DIR}" MOVIO_BINARY_DIR="${CMAKE_BINARY_DIR}")
  add_dependencies(unit_tests ${name})
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT 900)
endfunction()

# tests/fuzz/<name>_fuzz.cpp is a libFuzzer program on one parser of untrusted bytes; only the fuzz preset builds it.
add_custom_target(fuzzers)
function(movio_fuzz name)
  if(NOT MOVIO_FUZZ)
    return()
  endif()
  add_executable(fuzz_${name} ${CMAKE_SOURCE_DIR}/tests/fuzz/${name}_fuzz.cpp)
  target_include_directories(fuzz_${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_link_libraries(fuzz_${name} PRIVATE movio_options ${ARGN})
  target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  set_target_properties(fuzz_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/fuzz)
  add_dependencies(fuzzers fuzz_${name})
endfunction()

# bench/<name>_bench.cpp is a Google Benchmark program; built by the target benches, not by all.
add_custom_target(benches)
function(movio_bench name)
  add_executable(bench_${name} EXCLUDE_FROM_ALL ${CMAKE_SOURCE_DIR}/bench/${name}_bench.cpp)
  target_include_directories(bench_${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_link_libraries(bench_${name} PRIVATE movio_options ${ARGN} benchmark::benchmark benchmark::benchmark_main)
  set_target_properties(bench_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bench)
  add_dependencies(benches bench_${name})
endfunction()
