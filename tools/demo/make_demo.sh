#!/usr/bin/env bash
# Makes the demo film: one minute of 1280x720 at 24 frames a second with stereo sound and five subtitle tracks.
#
#   tools/demo/make_demo.sh OUTPUT.mkv
#
# Everything is generated: a sky of moving colours, a town of lights (Conway's Life), a coast (the edge of the
# Mandelbrot set), and the sky again. The subtitles beside this script tell what is seen.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
output=${1:?usage: tools/demo/make_demo.sh OUTPUT.mkv}
part=$output.part.mkv
trap 'rm -f "$part"' EXIT

# Four scenes of 16.5 s, blended into each other for 2 s: 4 * 16.5 - 3 * 2 = 60 s.
seconds=16.5
night="gradients=s=640x360:r=24:d=$seconds:seed=3:n=4:speed=0.012:c0=0x0a1440:c1=0x2a4a9c:c2=0x7a3f9b:c3=0x123a6b"
dawn="gradients=s=640x360:r=24:d=$seconds:seed=11:n=4:speed=0.012:c0=0x20306a:c1=0xf2a65a:c2=0xe8636b:c3=0xffd9a0"
town="life=s=256x144:r=12:mold=40:ratio=0.09:seed=4:life_color=0xfff2c0:death_color=0x8a2f4a:mold_color=0x0c1030"
coast="mandelbrot=s=640x360:r=24:maxiter=400:start_scale=2.2:end_scale=0.004:end_pts=400"
coast="$coast:start_x=-0.743643887:start_y=-0.131825904:inner=black:outer=normalized_iteration_count"

# The spark itself: a glow that wanders over all scenes.
spark="nullsrc=s=120x120:r=24:d=0.04,format=rgba,geq=r=255:g=244:b=214"
spark="$spark:a='255*min(1,exp(-hypot(X-60,Y-60)/4)*2.2+0.45*exp(-hypot(X-60,Y-60)/15))',loop=-1:1"

# Soft chords (A minor, F, C, G, five seconds each) and a plucked note eight times in five seconds.
chord='st(0,mod(floor(t/5),4));st(1,110*eq(ld(0),0)+87.31*eq(ld(0),1)+130.81*eq(ld(0),2)+98*eq(ld(0),3))'
chord="$chord;st(2,if(eq(ld(0),0),1.2,1.25));st(3,pow(sin(PI*mod(t,5)/5),0.6))"
pad='ld(3)*(sin(2*PI*ld(1)*t)+0.7*sin(2*PI*ld(1)*1.5*t)+0.5*sin(2*PI*ld(1)*2*ld(2)*t))*0.09'
pluck='st(4,mod(floor(t/0.625),4));st(5,mod(t,0.625))'
pluck="$pluck;st(6,ld(1)*4*if(eq(ld(4),0),1,if(eq(ld(4),1),ld(2),if(eq(ld(4),2),1.5,2))))"
note='sin(2*PI*ld(6)*ld(5))*exp(-6*ld(5))*min(1,ld(5)*150)*min(1,(0.625-ld(5))*40)'
left="$chord;$pluck;$pad+0.16*$note"
right="$chord;$pluck;$pad+0.10*$note"

clock=null
font=/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf
if [ -r "$font" ] && [[ "$(ffmpeg -hide_banner -filters 2>/dev/null)" == *" drawtext "* ]]; then
    clock="drawtext=fontfile=$font:fontsize=26:fontcolor=white@0.75:x=w-tw-32:y=28:text='%{pts\\:hms}'"
fi
smooth="scale=1280:720:flags=bicubic,format=yuv420p,setsar=1,fps=24,settb=1/24"

echo "demo: making one minute of film (about a minute of work)"
ffmpeg -hide_banner -loglevel error -nostdin -y \
    -f lavfi -i "$night" -f lavfi -i "$town" -f lavfi -i "$coast" -f lavfi -i "$dawn" \
    -f lavfi -i "aevalsrc=exprs='$left|$right':s=48000:d=60:channel_layout=stereo" \
    -i "$here/en.srt" -i "$here/bn.srt" -i "$here/hi.srt" -i "$here/fr.srt" -i "$here/es.srt" \
    -filter_complex "
        $spark[spark];
        [0:v]$smooth,noise=alls=4:allf=t,trim=duration=$seconds,setpts=PTS-STARTPTS[night];
        [1:v]scale=1280:720:flags=bicubic,format=gbrp,fps=24,split[sharp][soft];
        [soft]gblur=sigma=14[glow];[sharp][glow]blend=all_mode=screen:all_opacity=0.8,
            zoompan=z='1.6-0.6*on/396':x='iw/2-iw/zoom/2':y='ih/2-ih/zoom/2':d=1:s=1280x720:fps=24,
            $smooth,trim=duration=$seconds,setpts=PTS-STARTPTS[town];
        [2:v]hue=h='200+4*t':s=0.55,$smooth,
            trim=duration=$seconds,setpts=PTS-STARTPTS[coast];
        [3:v]$smooth,noise=alls=3:allf=t,trim=duration=$seconds,setpts=PTS-STARTPTS[dawn];
        [night][town]xfade=transition=fade:duration=2:offset=14.5[a];
        [a][coast]xfade=transition=circleopen:duration=2:offset=29[b];
        [b][dawn]xfade=transition=dissolve:duration=2:offset=43.5[c];
        [c][spark]overlay=x='580+430*sin(t/3.7)+60*sin(t*1.3)':y='300+190*sin(t/2.3)+30*sin(t*1.9)':shortest=1,
            vignette=PI/5,fade=in:d=1,fade=out:st=58.5:d=1.5,$clock,format=yuv420p[picture];
        [4:a]aecho=0.7:0.6:180|330:0.25|0.15,afade=in:d=1.5,afade=out:st=57:d=3,volume=3.2,apad=whole_dur=60[sound]" \
    -map '[picture]' -map '[sound]' -map 5 -map 6 -map 7 -map 8 -map 9 -t 60 \
    -c:v libx264 -preset fast -crf 21 -g 96 -c:a aac -b:a 160k -c:s srt \
    -metadata title="A spark goes for a walk" -metadata:s:a:0 language=zxx \
    -metadata:s:s:0 language=eng -metadata:s:s:0 title=English \
    -metadata:s:s:1 language=ben -metadata:s:s:1 title=বাংলা \
    -metadata:s:s:2 language=hin -metadata:s:s:2 title=हिन्दी \
    -metadata:s:s:3 language=fra -metadata:s:s:3 title=Français \
    -metadata:s:s:4 language=spa -metadata:s:s:4 title=Español \
    "$part"
mv "$part" "$output"
echo "demo: $output"
