#!/bin/sh
# Makes the built-in prompts and hold music: prompts/LANG/NAME.wav from prompts.txt, prompts/en/beep.wav, prompts/music/hold.wav.
# All are 8 kHz, 16-bit, mono WAV, together below 2 MB, because they are embedded in the program.
# Needs espeak-ng and sox (Debian packages of these names). Run it after a change of prompts.txt and commit the result.
set -eu
cd "$(dirname "$0")"
export LC_ALL=C.UTF-8
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
plain="-r 8000 -c 1 -b 16 -e signed-integer"

voice() { # language → voice and speed of espeak-ng
	case $1 in
	en) echo "-v en-gb -s 185 -p 45" ;;
	zh-TW) echo "-v cmn-latn-pinyin -s 215 -p 45" ;;
	ja) echo "-v ja -s 208 -p 45" ;;
	*) echo "prompts.txt: no voice for language '$1'" >&2; return 1 ;;
	esac
}

# speak LANG NAME TEXT: telephone band, silence cut at both ends, levelled like a recorded voice (about -20 dBFS, no clipping)
speak() {
	mkdir -p "prompts/$1"
	# shellcheck disable=SC2046 # the voice is several words
	espeak-ng $(voice "$1") -a 70 -z -w "$work/raw.wav" "$3"
	sox -D "$work/raw.wav" "$work/cut.wav" rate -h 8000 highpass 150 \
		silence 1 0.01 0.4% reverse silence 1 0.01 0.4% reverse
	sox -D "$work/cut.wav" "$work/even.wav" gain -n -6 compand 0.01,0.15 6:-50,-30,-12 -6 -20 0.02 norm -3
	rms=$(sox "$work/even.wav" -n stat 2>&1 | awk '/RMS.*amplitude/ {print $3}')
	gain=$(awk -v r="$rms" 'BEGIN {g = -20 - 20 * log(r) / log(10); print (g > 0 ? 0 : g)}')
	sox -D "$work/even.wav" $plain "prompts/$1/$2.wav" gain "$gain" fade 0.005 -0 0.01 pad 0.02 0.06
}

rm -rf prompts
mkdir -p prompts/music
grep -v -e '^#' -e '^$' prompts.txt | cut -f1 | while read -r language name text; do
	speak "$language" "$name" "$text"
done

sox -D -n $plain prompts/en/beep.wav synth 0.35 sine 1000 fade 0.01 0.35 0.02 gain -14

# Hold music: fourteen seconds, four chords of three and a half. A soft pad lies under a slow arpeggio. It is made three times
# in a row with its echo, and the middle is cut out, so that the echo of the end already sounds at the beginning: the loop
# has no seam.
pad() { # four notes
	sox -D -n -r 8000 -c 1 -e float -b 32 "$work/pad.wav" synth 3.5 sine "$1" synth 3.5 sine mix "$2" synth 3.5 sine mix "$3" synth 3.5 sine mix "$4" \
		fade q 1.2 3.5 1.4 tremolo 0.5 15 gain -22
}
note() { # frequency: a struck bar, two partials that die away
	sox -D -n -r 8000 -c 1 -e float -b 32 "$work/low.wav" synth 0.875 sine "$1" fade l 0.008 0.875 0.855 gain -16
	sox -D -n -r 8000 -c 1 -e float -b 32 "$work/high.wav" synth 0.875 sine "$(awk -v f="$1" 'BEGIN {print 3 * f}')" fade l 0.005 0.875 0.865 gain -34
	sox -D -m -v 1 "$work/low.wav" -v 1 "$work/high.wav" "$work/note$2.wav"
}
chord() { # number, four notes of the pad, four notes of the arpeggio
	pad "$2" "$3" "$4" "$5"
	note "$6" 1; note "$7" 2; note "$8" 3; note "$9" 4
	sox -D "$work/note1.wav" "$work/note2.wav" "$work/note3.wav" "$work/note4.wav" "$work/tune.wav"
	sox -D -m -v 1 "$work/pad.wav" -v 1 "$work/tune.wav" "$work/chord$1.wav" trim 0 3.5
}
chord 1 130.81 196.00 261.63 329.63   523.25 659.26 783.99 659.26 # C
chord 2 110.00 164.81 261.63 329.63   440.00 523.25 659.26 523.25 # A minor
chord 3  87.31 174.61 220.00 261.63   349.23 440.00 523.25 698.46 # F
chord 4  98.00 146.83 246.94 293.66   392.00 493.88 587.33 493.88 # G
sox -D "$work"/chord[1-4].wav "$work/once.wav"
sox -D "$work/once.wav" "$work/once.wav" "$work/once.wav" "$work/thrice.wav" echos 0.8 0.7 330 0.25 500 0.2 lowpass 3000
sox -D "$work/thrice.wav" "$work/loop.wav" trim 14 14
rms=$(sox "$work/loop.wav" -n stat 2>&1 | awk '/RMS.*amplitude/ {print $3}')
gain=$(awk -v r="$rms" 'BEGIN {print -28 - 20 * log(r) / log(10)}')
sox -D "$work/loop.wav" $plain prompts/music/hold.wav gain "$gain"

du -cb prompts/*/*.wav | tail -n 1
