# package.cmake - what is installed with the program, and the Debian package:
#
#   cmake --preset release && cmake --build --preset release --target package
include(GNUInstallDirs)

# Who builds packages for others sets an address: -DCPACK_PACKAGE_CONTACT="NAME <ADDRESS>".
set(CPACK_PACKAGE_CONTACT "the bench authors <bench@example.org>"
    CACHE STRING "Maintainer of the Debian package")

# -- man page and completion, written by the program -----------------------------------------

# A program for another architecture, or with a sanitizer, cannot always run here.
if(NOT BENCH_SANITIZE AND (NOT CMAKE_CROSSCOMPILING OR CMAKE_CROSSCOMPILING_EMULATOR))
  add_custom_command(
    OUTPUT bench.1.gz bench.bash
    COMMAND bench reference --form man > bench.1
    COMMAND gzip -9nf bench.1
    COMMAND bench reference --form bash > bench.bash
    DEPENDS bench
    COMMENT "Writing the man page and the completion"
    VERBATIM)
  add_custom_target(manual ALL DEPENDS bench.1.gz bench.bash)
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/bench.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/bench.bash RENAME bench
          DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
endif()

# -- documents -------------------------------------------------------------------------------

install(FILES README.md README.zh-CN.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR})
# The pictures and pages of recorded runs that the README shows.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS README.md)
file(READ README.md readme)
string(REGEX MATCHALL "results/reference/[A-Za-z0-9_/-]+\\.(md|png|svg)" shown "${readme}")
list(REMOVE_DUPLICATES shown)
foreach(file ${shown})
  get_filename_component(folder ${file} DIRECTORY)
  install(FILES ${file} DESTINATION ${CMAKE_INSTALL_DOCDIR}/${folder})
endforeach()

# Licence and changelog in the forms that Debian's policy asks for.
file(READ LICENSE licence)
string(REGEX MATCH "Copyright \\(c\\) ([^\n]+)\n" copyright_line "${licence}")
set(copyright_holder "${CMAKE_MATCH_1}")
string(REGEX REPLACE "^.*${copyright_holder}\n\n" "" licence "${licence}")
string(REGEX REPLACE "\n\n" "\n.\n" licence "${licence}")
string(REGEX REPLACE "([^\n]+)" " \\1" licence "${licence}")
configure_file(cmake/copyright.in copyright @ONLY)
execute_process(COMMAND date --utc --rfc-email --date=${version_date}
                OUTPUT_VARIABLE changelog_date OUTPUT_STRIP_TRAILING_WHITESPACE)
configure_file(cmake/changelog.in changelog @ONLY)
add_custom_command(
  OUTPUT changelog.gz
  COMMAND gzip -9nc changelog > changelog.gz
  DEPENDS ${CMAKE_CURRENT_BINARY_DIR}/changelog
  VERBATIM)
add_custom_target(debian_changelog ALL DEPENDS changelog.gz)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/copyright ${CMAKE_CURRENT_BINARY_DIR}/changelog.gz
        DESTINATION ${CMAKE_INSTALL_DOCDIR})

# -- the Debian package ----------------------------------------------------------------------

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME bench)
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGE_DESCRIPTION
  "bench fetches N web pages one after another, with threads, with processes, on
an event loop and with coroutines, and measures the cost of each model in time,
CPU and memory. Its embedded server has a known delay, so that the theoretical
minimum is known, and every result row says whether you can trust it. bench
compare decides in a CI whether fetching got slower.")
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "gnuplot-nox | gnuplot")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "librsvg2-bin, bash-completion, man-db")
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_SOURCE_DIR}/cmake/permissions.cmake)
include(CPack)
