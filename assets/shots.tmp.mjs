import { chromium } from "playwright-core";
import { readFileSync } from "node:fs";
const token = readFileSync("/tmp/gallery.txt","utf8").match(/session (\S+)/)[1];
const base="http://127.0.0.1:8099";
const browser = await chromium.launch({executablePath:"/usr/bin/chromium",args:["--no-sandbox","--disable-gpu","--disable-dev-shm-usage"]});
const shots = process.argv.slice(2).length? JSON.parse(process.argv[2]) : [
 ["customers","/customers",1440,"zh-CN","light"],["customers","/customers",1440,"en","dark"],["customers","/customers",390,"zh-CN","dark"],["customers","/customers",390,"en","light"],
 ["gallery","/gallery",1440,"en","light"],["gallery","/gallery",390,"zh-CN","dark"],
 ["form","/form",1440,"en","light"],["me","/me",1440,"zh-CN","light"],["me","/me",390,"en","dark"],["jobs","/jobs",1440,"en","light"],["search","/search",1440,"zh-CN","dark"],["404","/nope",1440,"en","light"],["filter","/customers?f=tier:in:gold|platinum;(km:gte:100000,flights:empty)&edit=new.km",1440,"en","light"],
];
for (const [name,path,width,lang,theme,sel] of shots){
  const ctx = await browser.newContext({viewport:{width,height:width>700?900:844},deviceScaleFactor:width>700?1:1.5,locale:lang});
  await ctx.addCookies([{name:"jb_lang",value:lang,url:base},{name:"jb_theme",value:theme,url:base},...(name.startsWith("signin")?[]:[{name:"jb_session",value:token,url:base}])]);
  const page = await ctx.newPage();
  page.on("console",m=>{ if(["error","warning"].includes(m.type())) console.log(name,width,"console",m.type(),m.text().slice(0,300));});
  page.on("pageerror",e=>console.log(name,"pageerror",e.message));
  await page.emulateMedia({colorScheme: theme});
  await page.goto(base+path,{waitUntil:"load"}); await page.waitForTimeout(700);
  if(sel) { for (const s of sel.split(";;")) { if(s.startsWith("key:")) await page.keyboard.press(s.slice(4)); else if(s.startsWith("type:")) await page.keyboard.type(s.slice(5)); else await page.click(s); await page.waitForTimeout(400);} }
  const over = await page.evaluate(()=>document.documentElement.scrollWidth-document.documentElement.clientWidth);
  if(over>0) console.log(name,width,"overflows by",over);
  await page.evaluate(readFileSync("node_modules/axe-core/axe.min.js","utf8")+";0");
  const axe = await page.evaluate(async()=>{ if(!window.axe) return "no axe"; const r=await window.axe.run(document,{runOnly:["wcag2a","wcag2aa","wcag21a","wcag21aa","wcag22aa","best-practice"]}); return r.violations.map(v=>v.id+": "+v.nodes.slice(0,3).map(n=>n.target.join(" ")+" "+(n.any[0]?.message??"").slice(0,90)).join(" | "));});
  if(axe.length) console.log(name,width,lang,theme,"AXE",axe);
  await page.screenshot({path:`/tmp/shots/${name}-${lang}-${theme}-${width}.png`});
  await ctx.close();
}
await browser.close();
